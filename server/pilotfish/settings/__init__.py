"""What arrived (Options) becomes what is used (Settings): typed, documented, frozen."""
