import pulumi_gcp
from google.cloud import compute_v1, iam_admin_v1, storage
from googleapiclient import discovery

client = storage.Client()


def storage_of(name, data, minutes):
    bucket = client.bucket(name)
    # ruleid: gcp-public-storage
    bucket.make_public(recursive=True, future=True)
    blob = bucket.blob("report.pdf")
    # ruleid: gcp-public-storage
    blob.make_public()
    # ruleid: gcp-public-storage
    blob.upload_from_string(data, predefined_acl="publicRead")
    # ruleid: gcp-public-storage
    blob.acl.all().grant_read()
    # ok: gcp-public-storage
    blob.acl.user("ann@acme.com").grant_read()
    # ok: gcp-public-storage
    blob.upload_from_string(data, predefined_acl="projectPrivate")
    # ok: gcp-public-storage
    bucket.make_private()
    # ok: gcp-public-storage
    return blob.generate_signed_url(expiration=minutes)


def bindings(policy, member):
    # ruleid: gcp-public-binding
    policy.bindings.append({"role": "roles/storage.objectViewer", "members": {"allUsers"}})
    # ruleid: gcp-public-binding
    body = {"bindings": [{"role": "roles/run.invoker", "members": ["allAuthenticatedUsers"]}]}
    # ruleid: gcp-public-binding
    policy["roles/storage.objectViewer"].add("allUsers")
    # ok: gcp-public-binding
    policy.bindings.append({"role": "roles/storage.objectViewer", "members": {"group:team@acme.com"}})
    # ok: gcp-public-binding
    policy["roles/storage.objectViewer"].discard("allUsers")
    # ok: gcp-public-binding
    known = {"allUsers", "allAuthenticatedUsers"}
    # ruleid: gcp-owner-role
    policy.bindings.append({"role": "roles/owner", "members": [member]})
    # ruleid: gcp-owner-role
    pulumi_gcp.projects.IAMMember("a", project="p", role="roles/editor", member=member)
    # ok: gcp-owner-role
    policy.bindings.append({"role": "roles/pubsub.publisher", "members": [member]})
    # ok: gcp-owner-role
    if {"role": "roles/owner"} in policy.bindings:
        return body, known
    # ok: gcp-owner-role
    return pulumi_gcp.projects.IAMMember("b", project="p", role="roles/viewer", member=member)


# ruleid: gcp-open-firewall
pulumi_gcp.compute.Firewall("a", network="n", source_ranges=["0.0.0.0/0"], allows=[{"protocol": "tcp", "ports": ["22"]}])
# ruleid: gcp-open-firewall
compute_v1.Firewall(name="b", source_ranges=["0.0.0.0/0"], allowed=[compute_v1.Allowed(I_p_protocol="tcp", ports=["3306"])])
# ruleid: gcp-open-firewall
pulumi_gcp.compute.Firewall("c", network="n", source_ranges=["0.0.0.0/0"], allows=[{"protocol": "all"}])
# ok: gcp-open-firewall
pulumi_gcp.compute.Firewall("d", network="n", source_ranges=["0.0.0.0/0"], allows=[{"protocol": "tcp", "ports": ["443"]}])
# ok: gcp-open-firewall
pulumi_gcp.compute.Firewall("e", network="n", source_ranges=["35.235.240.0/20"], allows=[{"protocol": "tcp", "ports": ["22"]}])


def keys(name, admin: iam_admin_v1.IAMClient):
    service = discovery.build("iam", "v1")
    # ruleid: gcp-service-account-key
    service.projects().serviceAccounts().keys().create(name=name, body={}).execute()
    # ruleid: gcp-service-account-key
    admin.create_service_account_key(name=name)
    # ok: gcp-service-account-key
    service.projects().serviceAccounts().keys().list(name=name).execute()
    # ok: gcp-service-account-key
    service.projects().serviceAccounts().create(name=name, body={}).execute()
