"""What both runtimes share: text, languages, vectors, the model registry, settings and errors.

Imports no other package of the project, no rasa and no torch.
"""
