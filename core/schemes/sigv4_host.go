package schemes

import "strings"

// Which region and service a host of AWS belongs to, as far as its name tells
// (https://docs.aws.amazon.com/general/latest/gr/rande.html).

// awsHost reads hosts such as bucket.s3.us-west-2.amazonaws.com. Either result may be empty.
func awsHost(host string) (region, service string) {
	host = strings.TrimSuffix(host, ".")
	if account, isR2 := strings.CutSuffix(host, ".r2.cloudflarestorage.com"); isR2 && account != "" {
		return "auto", "s3" // Cloudflare's S3; it takes this name only
	}
	labels := awsLabels(host)
	if len(labels) == 0 {
		return "", ""
	}
	last := len(labels) - 1
	switch {
	case isRegion(labels[last]) && last > 0:
		return labels[last], awsService(labels[:last])
	case last > 0 && isRegion(labels[last-1]): // search-x.us-east-1.es, us-east-1.queue
		return labels[last-1], awsService(labels[last:])
	case labels[last] == "s3-global": // access points of several regions, for sigv4a
		return "*", "s3"
	case labels[last] == "s3-accelerate":
		return "", "s3"
	}
	if dashed, isS3 := strings.CutPrefix(labels[last], "s3-"); isS3 { // s3-us-west-2, s3-fips-us-gov-west-1
		if dashed = strings.TrimPrefix(dashed, "fips-"); isRegion(dashed) {
			return dashed, "s3"
		}
		return "", "s3"
	}
	switch labels[last] {
	case "s3", "iam", "sts", "cloudfront", "route53", "organizations", "waf", "budgets", "health", "importexport", "savingsplans", "sdb":
		return "us-east-1", labels[last] // where services without regions live
	}
	return "", ""
}

// awsLabels are the labels in front of AWS's own domains, without those that say nothing here.
func awsLabels(host string) []string {
	for _, domain := range [...]string{".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws"} {
		rest, found := strings.CutSuffix(host, domain)
		if !found {
			continue
		}
		var labels []string
		for _, label := range strings.Split(rest, ".") {
			if label != "dualstack" && label != "vpce" {
				labels = append(labels, label)
			}
		}
		return labels
	}
	return nil
}

// isRegion tells us-east-1 and us-gov-west-1 from other labels.
func isRegion(label string) bool {
	parts := strings.Split(label, "-")
	last := len(parts) - 1
	if last < 2 || len(parts[0]) < 2 || len(parts[0]) > 4 || len(parts[last]) != 1 || parts[last][0] < '0' || parts[last][0] > '9' {
		return false
	}
	for _, part := range parts[:last] {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz") != "" {
			return false
		}
	}
	return true
}

// awsService is the name that a service signs with, which is not always the one in its host: the common names in
// which botocore 1.44 differs, and those of endpoints that are made for one customer.
func awsService(labels []string) string {
	last := len(labels) - 1
	name, before := strings.TrimSuffix(labels[last], "-fips"), ""
	if last > 0 {
		before = labels[last-1]
	}
	switch before + "." + name {
	case "portal.sso":
		return "awsssoportal"
	case "participant.connect":
		return "execute-api"
	case "sms-voice.pinpoint":
		return "sms-voice"
	case "jobs.iot":
		return "iot-jobs-data"
	case "tunneling.iot":
		return "IoTSecuredTunneling"
	}
	if name == "iot" && before != "" { // a1b2-ats.iot; without an endpoint in front it is the control plane
		return "iotdata"
	}
	for _, renamed := range awsRenamed {
		if listed(renamed.hosts, name) {
			return renamed.service
		}
	}
	return name
}

var awsRenamed = [...]struct{ service, hosts string }{
	{"s3", " s3-accesspoint s3-control s3-fips s3-deprecated "},
	{"ses", " email mail-manager "},
	{"sqs", " queue "},
	{"dynamodb", " ddb "},
	{"aws-marketplace", " marketplace agreement-marketplace deployment-marketplace discovery-marketplace reporting-marketplace "},
	{"mobiletargeting", " pinpoint "},
	{"bedrock", " bedrock-runtime bedrock-agent bedrock-agent-runtime bedrock-data-automation bedrock-data-automation-runtime "},
	{"bedrock-agentcore", " bedrock-agentcore-control "},
	{"lambda", " lambda-url "},
	{"appsync", " appsync-api appsync-realtime-api "},
	{"aps", " aps-workspaces "},
	{"neptune-db", " neptune "},
	{"appstream", " appstream2 "},
	{"transcribe", " transcribestreaming "},
	{"codecommit", " git-codecommit "},
	{"appconfig", " appconfigdata "},
	{"cassandra", " cassandra-streams "},
	{"cloudhsm", " cloudhsmv2 "},
	{"cloudsearch", " cloudsearchdomain "},
	{"connect", " contact-lens "},
	{"signer", " data-signer "},
	{"forecast", " forecastquery "},
	{"chime", " identity-chime media-pipelines-chime meetings-chime messaging-chime voice-chime "},
	{"ivs", " ivsrealtime "},
	{"memorydb", " memory-db "},
	{"mgh", " migrationhub-config "},
	{"lex", " models-v2-lex runtime-v2-lex "},
	{"personalize", " personalize-events personalize-runtime "},
	{"servicecatalog", " servicecatalog-appregistry "},
	{"sso-oauth", " oidc "},
}
