"""A fictional safeguarding children partnership: makes the partner files that a newcomer loads."""
