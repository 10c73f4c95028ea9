"""The bytes of attachments: one port (`store`), a folder and S3."""
