"""LWTNN's JSON: write it, read it strictly, evaluate it as the C++ does.

Source: https://github.com/lwtnn/lwtnn, release 2.14.1. The format has no version field; unknown
keys are ignored, which is where our schema, manifest hash and layer names go.
"""
