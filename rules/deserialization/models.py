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
    # ruleid: model-branch
    load_dataset("org/data", revision="main")
