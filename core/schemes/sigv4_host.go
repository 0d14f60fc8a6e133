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
	case "s3", "iam", "sts", "cloudfront", "route53", "organizations", "waf", "budgets":
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

// awsService is the name that a service signs with, which is not always the one in its host.
func awsService(labels []string) string {
	name := strings.TrimSuffix(labels[len(labels)-1], "-fips")
	switch name {
	case "s3-accesspoint", "s3-control", "s3-fips", "s3-deprecated":
		return "s3"
	case "email":
		return "ses"
	case "queue":
		return "sqs"
	case "marketplace":
		return "aws-marketplace"
	case "pinpoint":
		return "mobiletargeting"
	case "bedrock-runtime", "bedrock-agent", "bedrock-agent-runtime":
		return "bedrock"
	case "lambda-url":
		return "lambda"
	case "appstream2":
		return "appstream"
	case "transcribestreaming":
		return "transcribe"
	case "git-codecommit":
		return "codecommit"
	}
	if name == "iot" && len(labels) > 1 { // a1b2-ats.iot; without an endpoint in front it is the control plane
		return "iotdata"
	}
	return name
}
