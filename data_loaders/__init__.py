"""Turn a partner's file into checked records in the store."""
