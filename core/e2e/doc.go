// Package e2e holds the tests and the measurements of the page as a person meets it: built, served and opened in
// Chromium. It has no code of its own outside its tests. Those that need of a browser only what both have (window) run in
// Firefox where AUTHPAD_BROWSER is "firefox": .ci/interop.
//
// Most tests open the page as `make dist` makes it, on a server that knows nothing but files, below a sub-path and in a
// profile of its own: first visits on static hosting, with the lab inside the page. All share one browser.
package e2e
