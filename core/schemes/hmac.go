package schemes

// The scheme hmac is being written here.
