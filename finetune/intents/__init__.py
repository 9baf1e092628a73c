"""Intent models: an encoder, fitted or fine-tuned, and the heads on it."""
