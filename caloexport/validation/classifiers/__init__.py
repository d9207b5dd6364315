"""Classifiers that are trained to tell generated showers from those of the reference.

What the best of them reaches on showers that it has not seen is a distance of the samples in all
their inputs at once: an area under the ROC curve of 0.5 for alike samples, of 1 for samples that
share no shower. Everywhere here a generated shower has label 0 and one of the reference label 1.
"""
