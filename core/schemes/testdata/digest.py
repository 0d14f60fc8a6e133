# Judges authpad's HTTP Digest by PyPI's "requests": for each case the Authorization header by which it answers the
# challenge. Run by digest_python_test.go.
import json
import sys

from requests.auth import HTTPDigestAuth
from requests.utils import parse_dict_header


def judge(case):
    auth = HTTPDigestAuth(case["username"], case["password"])
    auth.init_per_thread_state()
    auth._thread_local.chal = parse_dict_header(case["challenge"].removeprefix("Digest "))
    return auth.build_digest_header(case["method"], case["url"])


with open(sys.argv[1], encoding="utf-8") as cases:
    json.dump([judge(case) for case in json.load(cases)], sys.stdout)
