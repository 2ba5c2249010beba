"""What things cost: each module measures one, as ratios within one run."""
