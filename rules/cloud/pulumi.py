import json

import pulumi
import pulumi_aws as aws
import pulumi_azure_native as azure
import pulumi_gcp as gcp

config = pulumi.Config()

# ruleid: pulumi-public-bucket
aws.s3.Bucket("a", acl="public-read")
# ruleid: pulumi-public-bucket
aws.s3.BucketPublicAccessBlock("b", bucket="a", block_public_acls=True, block_public_policy=False)
# ruleid: pulumi-public-bucket
gcp.storage.BucketIAMMember("c", bucket="a", role="roles/storage.objectViewer", member="allUsers")
# ruleid: pulumi-public-bucket
azure.storage.StorageAccount("d", resource_group_name="g", allow_blob_public_access=True)
# ok: pulumi-public-bucket
aws.s3.Bucket("e", acl="private")
# ok: pulumi-public-bucket
aws.s3.Bucket("f", acl=config.get("acl"))
# ok: pulumi-public-bucket
gcp.storage.BucketIAMMember("g", bucket="a", role="roles/storage.objectViewer", member="group:team@acme.com")

# ruleid: pulumi-open-ingress
aws.ec2.SecurityGroup("a", ingress=[{"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}])
# ruleid: pulumi-open-ingress
aws.ec2.SecurityGroupIngressArgs(protocol="-1", from_port=0, to_port=0, cidr_blocks=["0.0.0.0/0"])
# ruleid: pulumi-open-ingress
aws.ec2.SecurityGroupRule("b", type="ingress", protocol="tcp", from_port=5432, to_port=5432, cidr_blocks=["0.0.0.0/0"])
# ok: pulumi-open-ingress
aws.ec2.SecurityGroupRule("c", type="egress", protocol="-1", from_port=0, to_port=0, cidr_blocks=["0.0.0.0/0"])
# ok: pulumi-open-ingress
aws.ec2.SecurityGroup("d", ingress=[{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"]}])
# ok: pulumi-open-ingress
aws.ec2.SecurityGroup("e", egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}])
# ok: pulumi-open-ingress
aws.ec2.SecurityGroup("f", ingress=[{"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["203.0.113.0/24"]}])

# ruleid: pulumi-unencrypted-storage
aws.rds.Instance("a", storage_encrypted=False)
# ruleid: pulumi-unencrypted-storage
aws.ebs.Volume("b", availability_zone="a", size=8, encrypted=False)
# ok: pulumi-unencrypted-storage
aws.rds.Instance("c", storage_encrypted=True)
# ok: pulumi-unencrypted-storage
aws.ebs.Volume("d", availability_zone="a", size=8, encrypted=config.get_bool("encrypted"))

# ruleid: pulumi-public-database
aws.rds.Instance("a", publicly_accessible=True)
# ruleid: pulumi-public-database
azure.sql.FirewallRule("b", start_ip_address="0.0.0.0", end_ip_address="255.255.255.255")
# ruleid: pulumi-public-database
gcp.sql.DatabaseInstanceSettingsIpConfigurationAuthorizedNetworkArgs(name="all", value="0.0.0.0/0")
# ok: pulumi-public-database
aws.rds.Instance("c", publicly_accessible=False)
# ok: pulumi-public-database
azure.sql.FirewallRule("d", start_ip_address="203.0.113.1", end_ip_address="203.0.113.9")

# ruleid: pulumi-admin-policy
aws.iam.Policy("a", policy=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
# ruleid: pulumi-admin-policy
aws.iam.RolePolicyAttachment("b", role="r", policy_arn="arn:aws:iam::aws:policy/AdministratorAccess")
# ok: pulumi-admin-policy
aws.iam.Policy("c", policy=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}))
# ok: pulumi-admin-policy
aws.iam.RolePolicyAttachment("d", role="r", policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess")
