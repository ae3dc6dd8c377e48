import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
ec2 = boto3.client("ec2")
rds = boto3.client("rds")
functions = boto3.client("lambda")
EVERYONE = "0.0.0.0/0"
OFFICE = "203.0.113.0/24"


def acls(bucket, key, data, acl):
    # ruleid: aws-public-acl
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    # ruleid: aws-public-acl
    s3.put_object(Bucket=bucket, Key=key, Body=data, ACL="public-read-write")
    # ruleid: aws-public-acl
    boto3.resource("s3").Bucket(bucket).upload_file("a.txt", key, ExtraArgs={"ACL": "public-read", "ContentType": "text/plain"})
    extra = dict(ACL="authenticated-read")
    # ruleid: aws-public-acl
    s3.upload_fileobj(data, bucket, key, ExtraArgs=extra)
    # ruleid: aws-public-acl
    s3.put_bucket_acl(Bucket=bucket, GrantRead="uri=http://acs.amazonaws.com/groups/global/AllUsers")
    # ok: aws-public-acl
    s3.put_object(Bucket=bucket, Key=key, Body=data, ACL="private")
    # ok: aws-public-acl
    s3.put_object(Bucket=bucket, Key=key, Body="public-read")
    # ok: aws-public-acl
    s3.put_bucket_acl(Bucket=bucket, ACL=acl)
    # ok: aws-public-acl
    s3.put_bucket_acl(Bucket=bucket, GrantRead="id=79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be")
    # ok: aws-public-acl
    return s3.upload_file("a.txt", bucket, key, ExtraArgs={"ACL": "bucket-owner-full-control"})


def blocks(bucket, block):
    # ruleid: aws-public-access-block
    s3.delete_public_access_block(Bucket=bucket)
    # ruleid: aws-public-access-block
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"BlockPublicAcls": True, "BlockPublicPolicy": False})
    # ok: aws-public-access-block
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    # ok: aws-public-access-block
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)
    # ok: aws-public-access-block
    return s3.get_public_access_block(Bucket=bucket)


def databases(name, public):
    # ruleid: aws-public-database
    rds.create_db_instance(DBInstanceIdentifier=name, PubliclyAccessible=True, StorageEncrypted=True)
    # ruleid: aws-public-database
    boto3.client("redshift").modify_cluster(ClusterIdentifier=name, PubliclyAccessible=True)
    # ok: aws-public-database
    rds.create_db_instance(DBInstanceIdentifier=name, PubliclyAccessible=False)
    # ok: aws-public-database
    rds.create_db_instance(DBInstanceIdentifier=name)
    # ok: aws-public-database
    rds.modify_db_instance(DBInstanceIdentifier=name, PubliclyAccessible=public)


def ingress(group, port):
    # ruleid: aws-open-ingress
    ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp=EVERYONE)
    # ruleid: aws-open-ingress
    boto3.resource("ec2").SecurityGroup(group).authorize_ingress(
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 3300, "ToPort": 3400, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]
    )
    # ruleid: aws-open-ingress
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    # ok: aws-open-ingress
    ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", FromPort=443, ToPort=443, CidrIp=EVERYONE)
    # ok: aws-open-ingress
    ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp=OFFICE)
    # ok: aws-open-ingress
    ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", FromPort=port, ToPort=port, CidrIp=EVERYONE)
    # ok: aws-open-ingress
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])


def callers(name, account):
    # ruleid: aws-public-function
    functions.add_permission(FunctionName=name, StatementId="all", Action="lambda:InvokeFunction", Principal="*")
    # ruleid: aws-public-function
    functions.create_function_url_config(FunctionName=name, AuthType="NONE")
    # ok: aws-public-function
    functions.create_function_url_config(FunctionName=name, AuthType="AWS_IAM")
    # ok: aws-public-function
    functions.add_permission(FunctionName=name, StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com")
    # ok: aws-public-function
    functions.add_permission(FunctionName=name, StatementId="org", Action="lambda:InvokeFunction", Principal="*", PrincipalOrgID=account)


def add_permission(user, Principal):
    # ok: aws-public-function
    user.add_permission(Principal="*")
