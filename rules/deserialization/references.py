import json
import marshal
import pickle
from pickle import loads


# ruleid: unpickler-handed-on
a = Cache(loads=pickle.loads)
# ok: unpickler-handed-on
b = Cache(loads=json.loads)
# ruleid: unpickler-handed-on
register("pickle", loads)
# ruleid: unpickler-handed-on
check(ValueError, marshal.loads, data)
# ok: unpickler-handed-on
c = pickle.loads(data)
# ruleid: marshal-call
d = marshal.loads(memoryview(data)[16:])
# ok: marshal-call
e = json.loads(data)
# Trap: written, not read.
# ok: marshal-call
f = marshal.dumps(e)
