"""What customers do about their orders in conversation: who they are, what they want, what the policy allows."""
