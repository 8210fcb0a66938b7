"""Train the classifier with the sentences in this folder, and write its weights:

python -m sessions_app.pipeline.classifier.training
"""

from sessions_app.pipeline.classifier.model import FILE
from sessions_app.pipeline.classifier.training.fitting import trained_weights, written
from sessions_app.pipeline.classifier.training.sentences import load

if __name__ == "__main__":
    FILE.write_text(written(trained_weights(load())), encoding="utf-8")
