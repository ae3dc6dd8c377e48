import torch
from datasets import load_dataset
from transformers import AutoModel


def models(path):
    # ruleid: torch-load
    torch.load(path)
    # ok: torch-load
    torch.load(path, weights_only=True)
    # ruleid: model-unpinned
    AutoModel.from_pretrained("org/model")
    # ok: model-unpinned
    AutoModel.from_pretrained("org/model", revision="5f3c1e9a")
    # ok: model-unpinned
    AutoModel.from_pretrained("./models/ours")
    # ruleid: model-unpinned, model-remote-code
    AutoModel.from_pretrained("org/model", trust_remote_code=True)
    # ok: model-remote-code
    # ruleid: model-unpinned
    AutoModel.from_pretrained("org/model", trust_remote_code=False)
    # ok: model-remote-code
    AutoModel.from_pretrained("org/model", trust_remote_code=True, revision="0123456789abcdef0123456789abcdef01234567")
    # ruleid: model-branch
    load_dataset("org/data", revision="main")


def other(path, mine, pinned):
    # ok: torch-load
    mine.load(path)
    # ok: model-unpinned, model-branch
    AutoModel.from_pretrained("org/model", revision="0123456789abcdef0123456789abcdef01234567")
    # ok: model-branch, model-unpinned
    mine.load_dataset("org/data", revision="main")
