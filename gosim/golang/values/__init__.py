"""Go values at run time, as compiled programs use them."""
