# Judges authpad's AWS Signature 4 by PyPI's "botocore": for each case the Authorization header, or the presigned address,
# that it makes. Run by sigv4_peer_test.go.
import json
import sys
from datetime import datetime, timezone
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def judge(case):
    auth.get_current_datetime = lambda *_: datetime.fromtimestamp(case["now"], timezone.utc)
    parts = urlsplit(case["url"])
    request = AWSRequest(case["method"], urlunsplit(parts._replace(query="")), data=case["body"],
                         params=parse_qsl(parts.query, keep_blank_values=True))
    for name, value in case["headers"] or []:
        request.headers.add_header(name, value)
    credentials = Credentials(case["accessKeyId"], case["secretAccessKey"], case["sessionToken"] or None)
    on_s3 = case["service"] == "s3"
    if case["presigned"]:
        kind = auth.S3SigV4QueryAuth if on_s3 else auth.SigV4QueryAuth
        kind(credentials, case["service"], case["region"], expires=int(case["expires"])).add_auth(request)
        return request.url
    kind = auth.S3SigV4Auth if on_s3 else auth.SigV4Auth
    kind(credentials, case["service"], case["region"]).add_auth(request)
    return request.headers["Authorization"]


with open(sys.argv[1], encoding="utf-8") as cases:
    json.dump([judge(case) for case in json.load(cases)], sys.stdout)
