#!/usr/bin/env python3
"""check-manifests.py FILE...: prints what Kubernetes manifests lack beyond their schema."""
import re
import sys

import yaml

problems = []
names = {}


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)([smh])", text).groups()
    return int(number) * {"s": 1, "m": 60, "h": 3600}[unit]


def check_pod(where, pod):
    def need(condition, problem):
        if not condition:
            problems.append(f"{where}: {problem}")

    context = pod.get("securityContext", {})
    need(context.get("runAsNonRoot") is True, "runAsNonRoot is not true")
    need(context.get("runAsUser", 0) > 0, "runAsUser is root or missing")
    # Otherwise the group may read the key, and Keyturn refuses it.
    need(context.get("fsGroupChangePolicy") == "OnRootMismatch", "fsGroupChangePolicy is not OnRootMismatch")
    need(context.get("seccompProfile", {}).get("type") == "RuntimeDefault", "seccompProfile is not RuntimeDefault")
    need(pod.get("automountServiceAccountToken") is False, "automountServiceAccountToken is not false")
    need(pod.get("terminationGracePeriodSeconds", 30) >= 90, "terminationGracePeriodSeconds is less than 90")
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        need(not pod.get(key), f"{key} is set")
    for volume in pod.get("volumes", []):
        need("hostPath" not in volume, f"volume {volume['name']} is a hostPath")
        if "persistentVolumeClaim" in volume:
            names.setdefault("PersistentVolumeClaim wanted", set()).add(volume["persistentVolumeClaim"]["claimName"])
        if "configMap" in volume:
            names.setdefault("ConfigMap wanted", set()).add(volume["configMap"]["name"])
    for container in pod["containers"] + pod.get("initContainers", []):
        own = container.get("securityContext", {})
        need(own.get("allowPrivilegeEscalation") is False, "allowPrivilegeEscalation is not false")
        need(own.get("readOnlyRootFilesystem") is True, "readOnlyRootFilesystem is not true")
        need(own.get("capabilities", {}).get("drop") == ["ALL"], "capabilities are not all dropped")
        need(not own.get("capabilities", {}).get("add"), "a capability is added")
        need(not own.get("privileged"), "a container is privileged")
        need("memory" in container.get("resources", {}).get("limits", {}), "there is no memory limit")
        image = container["image"]
        need("@sha256:" in image or re.search(r":(?!latest$)[^/:]+$", image), f"image {image} has no tag, or latest")
        mounts = {mount["name"] for mount in container.get("volumeMounts", [])}
        need(mounts == {volume["name"] for volume in pod.get("volumes", [])}, "volumes and volumeMounts differ")


def check_job(where, job):
    template = job["template"]
    args = template["spec"]["containers"][0]["args"]
    if template["spec"].get("restartPolicy") != "Never":
        problems.append(f"{where}: restartPolicy is not Never")
    if job.get("backoffLimit") != 0:
        problems.append(f"{where}: backoffLimit is not 0")
    if "--deadline" in args:
        deadline = seconds(args[args.index("--deadline") + 1])
        if job.get("activeDeadlineSeconds", 0) < deadline + 90:
            problems.append(f"{where}: activeDeadlineSeconds is not 90 s more than --deadline")
    check_pod(where, template["spec"])


for path in sys.argv[1:]:
    for document in yaml.safe_load_all(open(path)):
        kind, spec = document["kind"], document.get("spec", {})
        names.setdefault(kind, set()).add(document["metadata"]["name"])
        if kind == "Deployment":
            if spec.get("replicas") != 1 or spec.get("strategy", {}).get("type") != "Recreate":
                problems.append(f"{path}: not one replica with the strategy Recreate: the store is one file")
            labels = spec["template"]["metadata"]["labels"]
            if not spec["selector"]["matchLabels"].items() <= labels.items():
                problems.append(f"{path}: the selector does not match the pod's labels")
            check_pod(path, spec["template"]["spec"])
        elif kind == "Job":
            check_job(path, spec)
        elif kind == "CronJob":
            if spec.get("concurrencyPolicy") != "Forbid":
                problems.append(f"{path}: concurrencyPolicy is not Forbid")
            check_job(path, spec["jobTemplate"]["spec"])
        elif kind == "NetworkPolicy" and set(spec.get("policyTypes", [])) != {"Ingress", "Egress"}:
            problems.append(f"{path}: policyTypes are not Ingress and Egress")
        elif kind == "Secret":
            problems.append(f"{path}: holds a Secret")

for kind in ("PersistentVolumeClaim", "ConfigMap"):
    for name in sorted(names.get(f"{kind} wanted", set()) - names.get(kind, set())):
        problems.append(f"no {kind} is named {name}")
for problem in problems:
    print(problem)
sys.exit(1 if problems else 0)
