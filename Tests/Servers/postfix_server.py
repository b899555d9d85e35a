"""A private Postfix on loopback: Debian's package downloaded and unpacked under the build folder, with its own
configuration, queue and Maildir, never installed, gone when standard input closes. Its smtpd pipelines.

Prints {"port": .., "ca": ..} when it accepts mail, or {"skip": reason}. A line `N` on standard input waits until N
messages lie in the Maildir (bounded) and prints one JSON line for each, then {"end": N}.
Recipients: unknown@.. gets 550 5.1.1 at RCPT, later@.. 450 4.2.1; everything else is delivered.
With --tools it prints {"sink": .., "source": .., "libraries": ..}, the load generators of the package, and ends.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

from certificates import make_authority
from received import describe, line
from unpacked import Missing, unpacked


def skip(reason):
    print(line({"skip": reason}), flush=True)
    sys.exit(0)


def unpack():
    """The package's root folder, downloaded once."""
    try:
        return unpacked("postfix")
    except Missing as reason:
        skip(str(reason))


def libraries(root):
    return os.path.join(root, "usr/lib/postfix")


def configure(root, folder, port):
    """Writes main.cf, master.cf and the queue's folders; the owners are users that every Debian has."""
    import grp
    import pwd

    owner, group = pwd.getpwnam("daemon"), grp.getgrnam("mail")
    ca, certificate, key = make_authority(folder)
    for name in ("config", "queue", "data", "mail"):
        os.makedirs(os.path.join(folder, name))
    os.chown(os.path.join(folder, "data"), owner.pw_uid, owner.pw_gid)
    os.chmod(os.path.join(folder, "data"), 0o700)
    os.chown(os.path.join(folder, "mail"), owner.pw_uid, owner.pw_gid)
    queue = os.path.join(folder, "queue")
    for name in ("active bounce corrupt defer deferred flush hold incoming private saved trace").split():
        os.makedirs(os.path.join(queue, name), mode=0o700)
        os.chown(os.path.join(queue, name), owner.pw_uid, owner.pw_gid)
    os.makedirs(os.path.join(queue, "pid"), mode=0o755)
    for name, mode in (("maildrop", 0o1730), ("public", 0o2710)):
        os.makedirs(os.path.join(queue, name))
        os.chown(os.path.join(queue, name), owner.pw_uid, group.gr_gid)
        os.chmod(os.path.join(queue, name), mode)
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": queue,
        "data_directory": os.path.join(folder, "data"),
        "daemon_directory": os.path.join(root, "usr/lib/postfix/sbin"),
        "command_directory": os.path.join(root, "usr/sbin"),
        "shlib_directory": libraries(root),
        "meta_directory": os.path.join(folder, "config"),
        "mail_owner": "daemon",
        "setgid_group": "mail",
        "default_privs": "nobody",
        "import_environment": f"MAIL_CONFIG LANG=C LD_LIBRARY_PATH={libraries(root)}",
        "maillog_file": os.path.join(folder, "log"),
        "maillog_file_prefixes": folder,
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "mynetworks": "127.0.0.0/8",
        "myhostname": "postfix.test",
        "mydestination": "",
        "alias_maps": "",
        "local_recipient_maps": "",
        "smtpd_banner": "postfix.test ESMTP",
        "smtpd_tls_security_level": "may",
        "smtpd_tls_cert_file": certificate,
        "smtpd_tls_key_file": key,
        "smtpd_relay_restrictions": "permit_mynetworks, reject",
        "smtpd_recipient_restrictions":
            "check_recipient_access inline:{{unknown@city.test = 550 5.1.1 no such user},"
            "{later@city.test = 450 4.2.1 mailbox busy}}, permit_mynetworks, reject",
        "smtpd_client_connection_count_limit": "0",
        "virtual_mailbox_domains": "static:all",
        "virtual_mailbox_maps": "static:all/",
        "virtual_mailbox_base": os.path.join(folder, "mail"),
        "virtual_minimum_uid": "1",
        "virtual_uid_maps": f"static:{owner.pw_uid}",
        "virtual_gid_maps": f"static:{owner.pw_gid}",
    }
    with open(os.path.join(folder, "config", "main.cf"), "w") as file:
        for name, value in settings.items():
            file.write(f"{name} = {value}\n")
    services = [
        f"127.0.0.1:{port} inet n - n - 100 smtpd", "pickup unix n - n 60 1 pickup", "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr", "tlsmgr unix - - n 1000? 1 tlsmgr", "rewrite unix - - n - - trivial-rewrite",
        "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce",
        "verify unix - - n - 1 verify", "flush unix n - n 1000? 0 flush", "proxymap unix - - n - - proxymap",
        "smtp unix - - n - - smtp", "error unix - - n - - error", "retry unix - - n - - error",
        "discard unix - - n - - discard", "virtual unix - n n - - virtual", "anvil unix - - n - 1 anvil",
        "scache unix - - n - 1 scache", "postlog unix-dgram n - n - 1 postlogd",
    ]
    with open(os.path.join(folder, "config", "master.cf"), "w") as file:
        file.write("\n".join(service.replace(" ", "\t") for service in services) + "\n")
    return ca


def accepts(port, process):
    """Waits for the greeting; False when it has ended or says nothing for a minute."""
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                if connection.recv(200).startswith(b"220 postfix.test"):
                    return True
        except OSError:
            time.sleep(0.05)
    return False


def report(folder, count):
    new = os.path.join(folder, "mail", "all", "new")
    end = time.monotonic() + 100
    while True:
        names = sorted(os.listdir(new)) if os.path.isdir(new) else []
        if len(names) >= count or time.monotonic() > end:
            break
        time.sleep(0.05)
    for name in names:
        with open(os.path.join(new, name), "rb") as file:
            print(line(describe(file.read())))
    print(line({"end": len(names)}), flush=True)


def stop(process):
    """Master ends the processes of its group; what does not end in time is killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=10)
            return
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", action="store_true")
    arguments = parser.parse_args()
    # Whoever started us may block signals (threads of a test run do); Postfix would inherit that and never end.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if arguments.tools:
        root = unpack()
        print(line({"sink": f"{root}/usr/sbin/smtp-sink", "source": f"{root}/usr/sbin/smtp-source",
                    "libraries": libraries(root)}), flush=True)
        return
    if os.geteuid() != 0:
        skip("Postfix's master needs root")
    root = unpack()
    # The port is free when it is chosen, and may be another program's when Postfix takes it: then another is tried.
    words = ""
    for _ in range(3):
        with tempfile.TemporaryDirectory(prefix="revere-postfix-") as folder:
            os.chmod(folder, 0o755)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            ca = configure(root, folder, port)
            environment = {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": libraries(root), "LANG": "C"}
            process = subprocess.Popen(
                [f"{root}/usr/lib/postfix/sbin/master", "-d", "-c", os.path.join(folder, "config")], env=environment,
                stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr, start_new_session=True)
            try:
                if accepts(port, process):
                    print(line({"port": port, "ca": ca}), flush=True)
                    for text in sys.stdin:
                        report(folder, int(text))
                    return
            finally:
                stop(process)
            log = os.path.join(folder, "log")
            words = open(log).read() if os.path.exists(log) else f"it ended with {process.returncode}, without a log"
    skip("Postfix did not start: " + words[-2000:])


if __name__ == "__main__":
    main()
