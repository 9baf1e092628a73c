"""What anybody may ask of the shop: prices, stock, opening hours."""
