package schemes

import "time"

// Parts of Signature Version 4 that have judges of their own.

func AWSHost(host string) (region, service string) { return awsHost(host) }

func AWSScalar(secret, accessKey string) []byte {
	number, _ := awsScalar(secret, accessKey)
	return number
}

func PlusOne(number []byte) []byte { return plusOne(number) }

func MatchesPattern(pattern, text string) bool { return matchesPattern(pattern, text) }

func Collapsed(path string) string { return collapsed(path) }

func ReadAmzDate(text string) (time.Time, bool) { return readAmzDate(text) }

func FormatAmzDate(t time.Time) string { return formatAmzDate(t) }

const OrderMinusTwo = orderMinusTwo
