import logging
import os

import boto3

iam = boto3.client("iam")
trails = boto3.client("cloudtrail")
ec2 = boto3.client("ec2")
api = boto3.client("apigateway")


def logs(name, bucket, recorder):
    # ruleid: aws-logging-off
    trails.stop_logging(Name=name)
    # ruleid: aws-logging-off
    boto3.client("guardduty").delete_detector(DetectorId=name)
    # ok: aws-logging-off
    trails.start_logging(Name=name)
    # ok: aws-logging-off
    logging.getLogger(name).removeHandler(recorder)
    # ruleid: aws-trail-validation
    trails.create_trail(Name=name, S3BucketName=bucket, EnableLogFileValidation=False)
    # ok: aws-trail-validation
    trails.create_trail(Name=name, S3BucketName=bucket, EnableLogFileValidation=True)
    # ok: aws-trail-validation
    trails.update_trail(Name=name, IsMultiRegionTrail=True)


def passwords(length):
    # ruleid: aws-password-policy
    iam.update_account_password_policy(MinimumPasswordLength=8)
    # ruleid: aws-password-policy
    iam.update_account_password_policy(RequireNumbers=True)
    # ok: aws-password-policy
    iam.update_account_password_policy(MinimumPasswordLength=14)
    # ok: aws-password-policy
    iam.update_account_password_policy(MinimumPasswordLength=length)
    # ok: aws-password-policy
    iam.get_account_password_policy()


def keys(user):
    # ruleid: aws-long-lived-key
    iam.create_access_key(UserName=user)
    # ok: aws-long-lived-key
    iam.delete_access_key(UserName=user, AccessKeyId="AKIA")
    # ok: aws-long-lived-key
    iam.create_user(UserName=user)


def clients(secret):
    # ruleid: aws-key-in-code
    boto3.client("s3", aws_access_key_id="AKIA2E0A8F3B244C9986", aws_secret_access_key="kWc3hV6pXqk0s1mT7yDzL9vBfUo2nRa8GjEi5CtH")
    # ruleid: aws-key-in-code
    boto3.Session("AKIA2E0A8F3B244C9986", "kWc3hV6pXqk0s1mT7yDzL9vBfUo2nRa8GjEi5CtH")
    # ok: aws-key-in-code
    boto3.client("s3", aws_access_key_id="test", aws_secret_access_key="test")
    # ok: aws-key-in-code
    boto3.client("s3", aws_access_key_id="AKIA…", aws_secret_access_key="<your-secret-access-key-goes-in-here>")
    # ok: aws-key-in-code
    boto3.client("s3", aws_secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"])
    # ok: aws-key-in-code
    boto3.client("s3", aws_secret_access_key=secret)


def instances(image):
    # ruleid: aws-metadata-v1
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, MetadataOptions={"HttpTokens": "optional", "HttpEndpoint": "enabled"})
    # ruleid: aws-metadata-v1
    ec2.modify_instance_metadata_options(InstanceId=image, HttpTokens="optional")
    # ok: aws-metadata-v1
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, MetadataOptions={"HttpTokens": "required"})
    # ok: aws-metadata-v1
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)


def routes(rest, resource):
    # ruleid: aws-open-api
    api.put_method(restApiId=rest, resourceId=resource, httpMethod="POST", authorizationType="NONE")
    # ok: aws-open-api
    api.put_method(restApiId=rest, resourceId=resource, httpMethod="POST", authorizationType="AWS_IAM")
    # ok: aws-open-api
    api.put_method(restApiId=rest, resourceId=resource, httpMethod="OPTIONS", authorizationType="NONE")
    # ok: aws-open-api
    api.put_method(restApiId=rest, resourceId=resource, httpMethod="POST", authorizationType="NONE", apiKeyRequired=True)
