"""The live page: a decoder that draws showers in the browser, run by our own small evaluator."""
