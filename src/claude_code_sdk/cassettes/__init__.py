"""Record and replay: cassettes, the player, and what is made from them."""
