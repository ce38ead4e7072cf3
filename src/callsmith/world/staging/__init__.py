"""A running API of one's own as a world: requests built, sent within limits, recorded and replayed."""
