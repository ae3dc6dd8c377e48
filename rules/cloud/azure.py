import os

from azure.core.credentials import AzureKeyCredential
from azure.identity import ClientSecretCredential
from azure.mgmt.keyvault.models import VaultProperties
from azure.mgmt.network.models import SecurityRule
from azure.mgmt.storage.models import StorageAccountCreateParameters
from azure.storage.blob import BlobServiceClient, PublicAccess

service = BlobServiceClient(os.environ["STORAGE_URL"])


def containers(name, access):
    # ruleid: azure-public-storage
    service.create_container(name, public_access="container")
    # ruleid: azure-public-storage
    service.create_container(name, public_access=PublicAccess.Blob)
    # ruleid: azure-public-storage
    StorageAccountCreateParameters(sku=None, kind="StorageV2", location="x", allow_blob_public_access=True)
    # ok: azure-public-storage
    service.create_container(name)
    # ok: azure-public-storage
    service.create_container(name, public_access=None)
    # ok: azure-public-storage
    service.create_container(name, public_access=access)


def transit(sku, place):
    # ruleid: azure-clear-transit
    StorageAccountCreateParameters(sku=sku, kind="StorageV2", location=place, enable_https_traffic_only=False)
    # ruleid: azure-clear-transit
    StorageAccountCreateParameters(sku=sku, kind="StorageV2", location=place, minimum_tls_version="TLS1_0")
    # ok: azure-clear-transit
    StorageAccountCreateParameters(sku=sku, kind="StorageV2", location=place, enable_https_traffic_only=True, minimum_tls_version="TLS1_2")
    # ok: azure-clear-transit
    StorageAccountCreateParameters(sku=sku, kind="StorageV2", location=place)


def rules(port):
    # ruleid: azure-open-ingress
    SecurityRule(protocol="Tcp", access="Allow", direction="Inbound", source_address_prefix="*", destination_port_range="22")
    # ruleid: azure-open-ingress
    SecurityRule(protocol="*", access="Allow", direction="Inbound", source_address_prefix="Internet", destination_port_range="*")
    # ok: azure-open-ingress
    SecurityRule(protocol="Tcp", access="Deny", direction="Inbound", source_address_prefix="*", destination_port_range="22")
    # ok: azure-open-ingress
    SecurityRule(protocol="Tcp", access="Allow", direction="Inbound", source_address_prefix="*", destination_port_range="443")
    # ok: azure-open-ingress
    SecurityRule(protocol="Tcp", access="Allow", direction="Outbound", source_address_prefix="*", destination_port_range="22")
    # ok: azure-open-ingress
    SecurityRule(protocol="Tcp", access="Allow", direction="Inbound", source_address_prefix="*", destination_port_range=port)


def secrets(tenant, client):
    # ruleid: azure-key-in-code
    ClientSecretCredential(tenant, client, client_secret="8Q~kWc3hV6pXqk0s1mT7yDzL9vBfUo2nRa8GjEi5")
    # ruleid: azure-key-in-code
    AzureKeyCredential("c3hV6pXqk0s1mT7yDzL9vBfUo2nRa8Gj")
    # ok: azure-key-in-code
    ClientSecretCredential(tenant, client, client_secret=os.environ["AZURE_CLIENT_SECRET"])
    # ok: azure-key-in-code
    AzureKeyCredential("<api-key>")
    # ok: azure-key-in-code
    return BlobServiceClient.from_connection_string("UseDevelopmentStorage=true")


def vault(tenant, sku):
    # ruleid: azure-purge-protection
    VaultProperties(tenant_id=tenant, sku=sku, enable_purge_protection=False)
    # ok: azure-purge-protection
    VaultProperties(tenant_id=tenant, sku=sku, enable_purge_protection=True)
    # ok: azure-purge-protection
    VaultProperties(tenant_id=tenant, sku=sku)
