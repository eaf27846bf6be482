"""What the service keeps and shares, whatever asks: records, callers, folders. No HTTP here, and no solving."""
