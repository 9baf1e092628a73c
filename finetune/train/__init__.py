"""Training by the Hugging Face and sentence-transformers trainers; the modules that import torch are named in each."""
