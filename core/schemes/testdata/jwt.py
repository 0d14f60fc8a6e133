# Judges authpad's JSON Web Tokens by PyPI's "PyJWT": for each case what it reads of authpad's token, and a token that it
# makes of the same claims. Run by jwt_peer_test.go.
import base64
import functools
import json
import sys
import warnings

from jwt.api_jws import PyJWS

warnings.simplefilter("ignore")  # of keys that it takes for short
jws = PyJWS()


@functools.cache  # reading a key of RSA takes a tenth of a second
def key_of(algorithm, text):
    return jws.get_algorithm_by_name(algorithm).prepare_key(text)


def judge(case):
    algorithm, secret = case["algorithm"], base64.b64decode(case["secret"] or "")
    public, private = [secret or key_of(algorithm, case[half]) for half in ("public", "private")]
    read = jws.decode(case["ours"], public, algorithms=[algorithm])
    made = jws.encode(case["claims"].encode(), private, algorithm, {"kid": case["kid"]})
    return {"read": read.decode(), "made": made}


with open(sys.argv[1], encoding="utf-8") as cases:
    json.dump([judge(case) for case in json.load(cases)], sys.stdout)
