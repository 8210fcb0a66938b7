"""The front door: connections are read and written off the threads that work, so that slow ones hold none of them."""
