"""Keras' own ONNX exporter, for networks that our reader does not know: chosen, never fallen back to.

It prints what it cannot translate and writes the file all the same, so every file is proven: it
appears only when ONNX Runtime gives with it what Keras gives with the model.
"""
