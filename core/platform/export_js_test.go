package platform

// WithoutHalf is what Firefox's refusal becomes; Chromium does not refuse.
var WithoutHalf = withoutHalf
