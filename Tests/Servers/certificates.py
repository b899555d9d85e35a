"""A certificate authority made on the spot, for servers on loopback. Keys live in a folder that the caller removes."""

import subprocess


def make_authority(folder, name="localhost", days=2):
    """Returns (ca, certificate, key) paths; the certificate is for localhost and 127.0.0.1.
    With negative `days` it has run out."""

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
            "-keyout", "server.key", "-out", "server.csr")
    with open(f"{folder}/san", "w") as file:
        file.write(f"subjectAltName=DNS:{name},IP:127.0.0.1\n" if name == "localhost" else f"subjectAltName=DNS:{name}\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", str(days),
            "-extfile", "san", "-out", "server.pem")
    return f"{folder}/ca.pem", f"{folder}/server.pem", f"{folder}/server.key"
