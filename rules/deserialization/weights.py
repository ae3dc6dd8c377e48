import diffusers
import keras
import mlflow
import pandas
import skops.io
import torch
import transformers
from fastai.learner import load_learner
from sentence_transformers import SentenceTransformer


def loads(path, store, model):
    # ruleid: unsafe-model-load
    keras.models.load_model(path, safe_mode=False)
    # ruleid: unsafe-model-load
    skops.io.load(path, trusted=True)
    # ruleid: unsafe-model-load
    store.load_local(path, allow_dangerous_deserialization=True)
    # ruleid: unsafe-model-load
    torch.hub.load("org/repository:0123abc", "model", trust_repo=True)
    # ok: unsafe-model-load
    keras.models.load_model(path)
    # ok: unsafe-model-load
    skops.io.load(path, trusted=["numpy.ndarray"])
    # Trap: the caller decides.
    # ok: unsafe-model-load
    keras.models.load_model(path, safe_mode=model.safe)


def pickles(path):
    # ruleid: pickled-model
    load_learner(path)
    # ruleid: pickled-model
    pandas.read_hdf(path, "table")
    # ruleid: pickled-model
    mlflow.pyfunc.load_model(path)
    # ok: pickled-model
    pandas.read_parquet(path)
    # Trap: it writes.
    # ok: pickled-model
    mlflow.pyfunc.save_model(path)


def downloads(name):
    # ruleid: model-download-unpinned
    SentenceTransformer("org/model")
    # ruleid: model-download-unpinned
    transformers.pipeline("summarization", model="org/model")
    # ruleid: model-download-unpinned
    torch.hub.load("org/repository", "model")
    # ok: model-download-unpinned
    diffusers.DiffusionPipeline.from_pretrained("org/model", revision="5607bfb5e3e5a2c0b3e8c2e3b1b2a9b3c5d7e9f1")
    # ok: model-download-unpinned
    torch.hub.load("org/repository:0123abc", "model")
    # Trap: a folder of this machine.
    # ok: model-download-unpinned
    SentenceTransformer("./models/small")
    # ok: model-download-unpinned
    return SentenceTransformer(name)
