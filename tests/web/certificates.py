"""Certificates of our own, made by openssl."""

import subprocess
from pathlib import Path


def certificate(folder: Path, name: str, signed_by: str = "") -> Path:
    """A certificate for this machine with its key, by itself or by another; `name`.crt and `name`.key."""
    about = ["-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    by = ["-CA", folder / f"{signed_by}.crt", "-CAkey", folder / f"{signed_by}.key"] if signed_by else []
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", folder / f"{name}.key"]
    made = ["openssl", "req", "-x509", *key, "-out", folder / f"{name}.crt", "-days", "2", *about, *by]
    subprocess.run(made, check=True, capture_output=True, timeout=60)
    return folder / f"{name}.crt"
