import json

import boto3

iam = boto3.client("iam")
s3 = boto3.client("s3")
sqs = boto3.client("sqs")
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def rights(name, role, document, arn):
    # ruleid: aws-admin-policy
    iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(EVERYTHING))
    # ruleid: aws-admin-policy
    iam.put_role_policy(
        RoleName=role,
        PolicyName=name,
        PolicyDocument='{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}}',
    )
    # ruleid: aws-admin-policy
    iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    # ok: aws-admin-policy
    iam.create_policy(PolicyName=name, PolicyDocument=document)
    # ok: aws-admin-policy
    iam.put_role_policy(
        RoleName=role,
        PolicyName=name,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}),
    )
    # ok: aws-admin-policy
    iam.put_role_policy(
        RoleName=role,
        PolicyName=name,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": arn}]}),
    )
    # ok: aws-admin-policy
    iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")


def escalation(user, name, group):
    # ruleid: aws-escalating-policy
    iam.put_user_policy(
        UserName=user,
        PolicyName=name,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:PutUserPolicy", "Resource": "*"}]}),
    )
    # ok: aws-escalating-policy
    iam.put_user_policy(
        UserName=user,
        PolicyName=name,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"}]}),
    )
    # ruleid: aws-admin-policy
    # ok: aws-escalating-policy
    iam.put_group_policy(GroupName=group, PolicyName=name, PolicyDocument=json.dumps(EVERYTHING))
    # ok: aws-escalating-policy
    iam.put_group_policy(GroupName=group, PolicyName=name, PolicyDocument=open("policy.json").read())


def public(bucket, queue, arn, role):
    # ruleid: aws-public-policy
    s3.put_bucket_policy(
        Bucket=bucket,
        Policy=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}
        ),
    )
    # ruleid: aws-public-policy
    sqs.set_queue_attributes(
        QueueUrl=queue,
        Attributes={"Policy": '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sqs:SendMessage", "Resource": "*"}]}'},
    )
    # ok: aws-public-policy
    s3.put_bucket_policy(
        Bucket=bucket,
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
                ],
            }
        ),
    )
    # ok: aws-public-policy
    sqs.set_queue_attributes(
        QueueUrl=queue,
        Attributes={
            "Policy": json.dumps(
                {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": "*",
                            "Action": "sqs:SendMessage",
                            "Resource": "*",
                            "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:123456789012:orders"}},
                        }
                    ]
                }
            )
        },
    )
    # ok: aws-public-policy
    iam.create_role(
        RoleName=role,
        AssumeRolePolicyDocument=json.dumps(
            {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        ),
    )
    # ok: aws-public-policy
    return s3.put_bucket_policy(Bucket=bucket, Policy=arn)


def attached(role, arn):
    # ruleid: aws-full-access-policy
    iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    # ok: aws-full-access-policy
    iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    # ok: aws-full-access-policy
    iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::123456789012:policy/ReportsFullAccess")
    # ok: aws-full-access-policy
    iam.detach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
