# Judges authpad's OAuth 1.0 by PyPI's "oauthlib": for each case the Authorization header that it makes. Run by
# oauth1_peer_test.go.
import functools
import json
import sys

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from oauthlib.oauth1 import Client


@functools.cache  # reading a key takes a tenth of a second
def key_of(pem):
    return load_pem_private_key(pem.encode(), None) if pem else None


def judge(case):
    client = Client(case["consumerKey"], case["consumerSecret"], case["token"], case["tokenSecret"], nonce=case["nonce"],
                    timestamp=str(case["now"]), signature_method=case["signatureMethod"])
    client.rsa_key = key_of(case["privateKey"])
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if case["form"] else {}
    _, headers, _ = client.sign(case["url"], case["method"], case["form"] or None, headers)
    return headers["Authorization"]


with open(sys.argv[1], encoding="utf-8") as cases:
    json.dump([judge(case) for case in json.load(cases)], sys.stdout)
