"""Turn loaded records into judged, explained scorecards."""
