"""How a clinic lays out its documents."""
