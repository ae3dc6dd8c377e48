from aws_cdk import Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_efs as efs
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs


class Storage(Stack):
    def buckets(self, public, origin):
        # ruleid: cdk-public-bucket
        s3.Bucket(self, "a", public_read_access=True)
        # ruleid: cdk-public-bucket
        s3.Bucket(self, "b", access_control=s3.BucketAccessControl.PUBLIC_READ_WRITE)
        # ruleid: cdk-public-bucket
        s3.BlockPublicAccess(block_public_acls=True, block_public_policy=False)
        # ok: cdk-public-bucket
        files = s3.Bucket(self, "c", block_public_access=s3.BlockPublicAccess.BLOCK_ALL)
        # ruleid: cdk-public-bucket
        files.grant_public_access("site/*")
        # ok: cdk-public-bucket
        s3.Bucket(self, "d", public_read_access=public)
        # ok: cdk-public-bucket
        s3.Bucket(self, "e", access_control=s3.BucketAccessControl.PRIVATE)
        # ruleid: cdk-clear-transit
        s3.Bucket(self, "f", enforce_ssl=False)
        # ruleid: cdk-clear-transit
        cloudfront.BehaviorOptions(origin=origin, viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.ALLOW_ALL)
        # ok: cdk-clear-transit
        cloudfront.BehaviorOptions(origin=origin, viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS)
        # ok: cdk-clear-transit
        s3.Bucket(self, "g", enforce_ssl=True)

    def balancer(self, balancer, redirect):
        # ruleid: cdk-clear-transit
        balancer.add_listener("a", port=8080, protocol=elb.ApplicationProtocol.HTTP)
        # ok: cdk-clear-transit
        balancer.add_listener("b", port=80, protocol=elb.ApplicationProtocol.HTTP, default_action=redirect)

    def databases(self, engine, vpc, encrypted):
        # ruleid: cdk-public-database
        rds.DatabaseInstance(self, "a", engine=engine, vpc=vpc, publicly_accessible=True)
        # ok: cdk-public-database
        rds.DatabaseInstance(self, "b", engine=engine, vpc=vpc, publicly_accessible=False)
        # ok: cdk-public-database
        rds.DatabaseInstance(self, "c", engine=engine, vpc=vpc)
        # ruleid: cdk-unencrypted-storage
        rds.DatabaseInstance(self, "d", engine=engine, vpc=vpc, storage_encrypted=False)
        # ruleid: cdk-unencrypted-storage
        efs.FileSystem(self, "e", vpc=vpc, encrypted=False)
        # ruleid: cdk-unencrypted-storage
        sqs.Queue(self, "f", encryption=sqs.QueueEncryption.UNENCRYPTED)
        # ok: cdk-unencrypted-storage
        sqs.Queue(self, "g", encryption=sqs.QueueEncryption.KMS_MANAGED)
        # ok: cdk-unencrypted-storage
        efs.FileSystem(self, "h", vpc=vpc, encrypted=encrypted)


class Network(Stack):
    def groups(self, vpc, own, port):
        group = ec2.SecurityGroup(self, "g", vpc=vpc)
        # ruleid: cdk-open-ingress
        group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(22), "ssh")
        # ruleid: cdk-open-ingress
        group.add_ingress_rule(peer=ec2.Peer.ipv4("0.0.0.0/0"), connection=ec2.Port.tcp_range(5000, 6000))
        # ruleid: cdk-open-ingress
        group.connections.allow_from_any_ipv4(ec2.Port.tcp(3389))
        # ok: cdk-open-ingress
        group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443))
        # ok: cdk-open-ingress
        group.add_ingress_rule(ec2.Peer.ipv4("203.0.113.0/24"), ec2.Port.tcp(22))
        # ok: cdk-open-ingress
        group.add_ingress_rule(own, ec2.Port.tcp(22))
        # ok: cdk-open-ingress
        group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(port))
        # ok: cdk-open-ingress
        group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.all_traffic())

    def machines(self, kind, image, vpc):
        # ruleid: cdk-metadata-v1
        ec2.Instance(self, "a", instance_type=kind, machine_image=image, vpc=vpc, require_imdsv2=False)
        # ok: cdk-metadata-v1
        ec2.Instance(self, "b", instance_type=kind, machine_image=image, vpc=vpc, require_imdsv2=True)
        # ok: cdk-metadata-v1
        ec2.Instance(self, "c", instance_type=kind, machine_image=image, vpc=vpc)


class Rights(Stack):
    def statements(self, bucket, account):
        # ruleid: cdk-admin-policy
        iam.PolicyStatement(actions=["*"], resources=["*"])
        # ruleid: cdk-admin-policy
        iam.ManagedPolicy.from_aws_managed_policy_name("AdministratorAccess")
        # ok: cdk-admin-policy
        iam.PolicyStatement(effect=iam.Effect.DENY, actions=["*"], resources=["*"])
        # ok: cdk-admin-policy
        iam.PolicyStatement(actions=["s3:GetObject"], resources=["*"])
        # ok: cdk-admin-policy
        iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AWSLambdaBasicExecutionRole")
        # ruleid: cdk-public-policy
        iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["s3:GetObject"], resources=[bucket.bucket_arn])
        # ok: cdk-public-policy
        iam.PolicyStatement(principals=[iam.AccountPrincipal(account)], actions=["s3:GetObject"], resources=[bucket.bucket_arn])
        # ok: cdk-public-policy
        iam.PolicyStatement(
            principals=[iam.AnyPrincipal()],
            actions=["s3:GetObject"],
            resources=[bucket.bucket_arn],
            conditions={"StringEquals": {"aws:PrincipalOrgID": account}},
        )
        # ok: cdk-public-policy
        iam.PolicyStatement(
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=["s3:*"],
            resources=[bucket.bucket_arn],
        )

    def functions(self, handler, resource):
        # ruleid: cdk-open-function
        handler.add_function_url(auth_type=lambda_.FunctionUrlAuthType.NONE)
        # ruleid: cdk-open-function
        resource.add_method("POST", handler, authorization_type=apigateway.AuthorizationType.NONE)
        # ok: cdk-open-function
        handler.add_function_url(auth_type=lambda_.FunctionUrlAuthType.AWS_IAM)
        # ok: cdk-open-function
        resource.add_method("OPTIONS", handler, authorization_type=apigateway.AuthorizationType.NONE)
        # ok: cdk-open-function
        resource.add_method("POST", handler)
