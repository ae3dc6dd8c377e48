import msgpack
import msgpack_numpy
import torch.distributed


def messages(data):
    # ruleid: msgpack-numpy
    msgpack_numpy.patch()
    # ruleid: msgpack-numpy
    msgpack.unpackb(data, object_hook=msgpack_numpy.decode)
    # ok: msgpack-numpy
    msgpack.unpackb(data)
    # Trap: it writes.
    # ok: msgpack-numpy
    msgpack.packb(data, default=msgpack_numpy.encode)


def collectives(objects, tensor):
    # ruleid: pickle-collective
    torch.distributed.broadcast_object_list(objects)
    # ok: pickle-collective
    torch.distributed.broadcast(tensor, src=0)
    # ok: pickle-collective
    torch.distributed.barrier()
