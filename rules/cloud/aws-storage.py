import boto3

rds = boto3.client("rds")
ec2 = boto3.client("ec2")
s3 = boto3.client("s3")
cache = boto3.client("elasticache")
search = boto3.client("opensearch")


def storage(name, zone, encrypted):
    # ruleid: aws-unencrypted-storage
    rds.create_db_instance(DBInstanceIdentifier=name, StorageEncrypted=False)
    options = {"AvailabilityZone": zone, "Encrypted": False}
    # ruleid: aws-unencrypted-storage
    ec2.create_volume(Size=8, **options)
    # ruleid: aws-unencrypted-storage
    search.create_domain(DomainName=name, EncryptionAtRestOptions={"Enabled": False})
    # ok: aws-unencrypted-storage
    rds.create_db_instance(DBInstanceIdentifier=name, StorageEncrypted=True)
    # ok: aws-unencrypted-storage
    ec2.create_volume(Size=8, AvailabilityZone=zone, Encrypted=encrypted)
    # ok: aws-unencrypted-storage
    rds.modify_db_instance(DBInstanceIdentifier=name, DeletionProtection=False)


def switched_off(bucket, stream):
    # ruleid: aws-encryption-off
    s3.delete_bucket_encryption(Bucket=bucket)
    # ruleid: aws-encryption-off
    ec2.disable_ebs_encryption_by_default()
    # ok: aws-encryption-off
    ec2.enable_ebs_encryption_by_default()
    # ok: aws-encryption-off
    s3.delete_bucket_lifecycle(Bucket=bucket)


def transit(name):
    # ruleid: aws-unencrypted-transit
    cache.create_replication_group(ReplicationGroupId=name, TransitEncryptionEnabled=False)
    # ruleid: aws-unencrypted-transit
    boto3.client("kafka").create_cluster(ClusterName=name, EncryptionInfo={"EncryptionInTransit": {"ClientBroker": "TLS_PLAINTEXT"}})
    # ruleid: aws-unencrypted-transit
    search.create_domain(DomainName=name, DomainEndpointOptions={"EnforceHTTPS": False})
    # ok: aws-unencrypted-transit
    cache.create_replication_group(ReplicationGroupId=name, TransitEncryptionEnabled=True)
    # ok: aws-unencrypted-transit
    boto3.client("kafka").create_cluster(ClusterName=name, EncryptionInfo={"EncryptionInTransit": {"ClientBroker": "TLS"}})
    # ok: aws-unencrypted-transit
    search.create_domain(DomainName=name)


def urls(params, seconds):
    # ruleid: aws-presigned-url-lifetime
    s3.generate_presigned_url("get_object", Params=params, ExpiresIn=7 * 24 * 3600)
    # ok: aws-presigned-url-lifetime
    s3.generate_presigned_url("get_object", Params=params, ExpiresIn=3600)
    # ok: aws-presigned-url-lifetime
    s3.generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)
    # ok: aws-presigned-url-lifetime
    return s3.generate_presigned_url("get_object", Params=params)
