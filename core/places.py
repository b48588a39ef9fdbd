# SPDX-License-Identifier: Apache-2.0
"""Where the app keeps what belongs to the person: the same folder for the window and the command line."""

import os
from pathlib import Path

DATA_FOLDER = "WEIGHBRIDGE_DATA"
"""The environment variable that names another folder."""


def data_folder() -> Path:
    """The person's data folder for this app. It may not exist yet."""
    named = os.environ.get(DATA_FOLDER)
    if named:
        return Path(named)
    import platformdirs

    return platformdirs.user_data_path("weighbridge", appauthor=False)
