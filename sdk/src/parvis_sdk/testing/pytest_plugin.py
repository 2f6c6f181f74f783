"""What pytest loads by itself where the sdk is installed; everything else is imported by the fixtures that need it."""
