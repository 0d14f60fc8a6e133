package fetchrules

import "authpad/core"

// Where each rule stands.
var (
	forbiddenHeaderRef = fetchRef("Forbidden request-header", "forbidden-request-header")
	forbiddenMethodRef = fetchRef("Forbidden method", "forbidden-method")
	normalizeRef       = fetchRef("Normalize a method", "concept-method-normalize")
	headerNameRef      = fetchRef("Header name", "header-name")
	headerValueRef     = fetchRef("Header value", "header-value")
	combineRef         = fetchRef("Combine", "concept-header-list-combine")
	requestRef         = fetchRef("Request constructor", "dom-request")
	schemeFetchRef     = fetchRef("Scheme fetch", "scheme-fetch")
	badPortRef         = fetchRef("Port blocking", "bad-port")
	mainFetchRef       = fetchRef("Main fetch", "main-fetch")
	preflightRef       = fetchRef("CORS-preflight fetch", "cors-preflight-fetch")
	safelistRef        = fetchRef("CORS-safelisted request-header", "cors-safelisted-request-header")
	safeMethodRef      = fetchRef("CORS-safelisted method", "cors-safelisted-method")
	unsafeNamesRef     = fetchRef("CORS-unsafe request-header names", "cors-unsafe-request-header-names")
	noCORSRef          = fetchRef("No-CORS-safelisted request-header", "no-cors-safelisted-request-header")
	wildcardRef        = fetchRef("CORS non-wildcard request-header name", "cors-non-wildcard-request-header-name")
	corsCheckRef       = fetchRef("CORS check", "cors-check")
	exposedRef         = fetchRef("CORS-safelisted response-header name", "cors-safelisted-response-header-name")
	credentialsRef     = fetchRef("CORS protocol and credentials", "cors-protocol-and-credentials")
	networkRef         = fetchRef("HTTP-network-or-cache fetch", "http-network-or-cache-fetch")
	httpFetchRef       = fetchRef("HTTP fetch", "http-fetch")
	redirectRef        = fetchRef("HTTP-redirect fetch", "http-redirect-fetch")
	originRef          = fetchRef("Origin header", "origin-header")
	opaqueRef          = fetchRef("Opaque filtered response", "concept-filtered-response-opaque")
	mixedContentRef    = core.Ref{Doc: "Mixed Content", Section: "4.4", URL: "https://www.w3.org/TR/mixed-content/#should-block-fetch"}
	localNetworkRef    = core.Ref{Doc: "Local Network Access", URL: "https://wicg.github.io/local-network-access/"}
	lowerCaseRef       = core.Ref{Doc: "RFC 9113", Section: "8.2"}
)

func fetchRef(section, anchor string) core.Ref {
	return core.Ref{Doc: "Fetch Standard", Section: section, URL: "https://fetch.spec.whatwg.org/#" + anchor}
}
