-- A file of the second version with rows in it, as that version wrote it.
BEGIN TRANSACTION;
PRAGMA user_version = 2;
CREATE TABLE existing (fingerprint TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO "existing" VALUES('old:1');
CREATE TABLE finding (
        id          INTEGER PRIMARY KEY,
        incident    INTEGER NOT NULL REFERENCES incident (id),
        fingerprint TEXT NOT NULL,
        lane        TEXT NOT NULL,
        signal      TEXT NOT NULL,
        account_id  TEXT NOT NULL,
        moment      REAL NOT NULL,
        document    TEXT NOT NULL,
        UNIQUE (fingerprint, lane)
    ) STRICT;
INSERT INTO "finding" VALUES(1,1,'new:1','config','iam-user-new','123456789012',1795432480.0,'{"signal":"iam-user-new","theme":"identity","severity":"high","certainty":"new","lane":"config","account_id":"123456789012","region":"global","subject":{"type":"AWS::IAM::User","id":"AIDAEXAMPLE7USER0001","name":"user1","arn":"arn:aws:iam::123456789012:user/helpdesk2"},"fingerprint":"new:1","links":["event:1"],"happened":null,"address":"","agent":"","muted":"","trust":"trusted","details":{},"actor":null}');
INSERT INTO "finding" VALUES(2,2,'ec2-new:1','config','ec2-new','123456789012',1795432300.0,'{"signal":"ec2-new","theme":"compute","severity":"medium","certainty":"new","lane":"config","account_id":"123456789012","region":"ap-northeast-1","subject":{"type":"AWS::EC2::Instance","id":"i-00000000000000001","name":"","arn":"arn:aws:ec2:ap-northeast-1:123456789012:instance/i-00000000000000001"},"fingerprint":"ec2-new:1","links":["stack:arn:aws:cloudformation:ap-northeast-1:123456789012:stack/web/0a1b2c3d"],"happened":"2026-11-23T11:11:40+00:00","address":"","agent":"","muted":"","trust":"trusted","details":{"size":"t3.micro","vcpus":"2","what":"instance"},"actor":null}');
INSERT INTO "finding" VALUES(3,2,'ec2-new:2','config','ec2-new','123456789012',1795432300.0,'{"signal":"ec2-new","theme":"compute","severity":"medium","certainty":"new","lane":"config","account_id":"123456789012","region":"ap-northeast-1","subject":{"type":"AWS::EC2::Instance","id":"i-00000000000000002","name":"","arn":"arn:aws:ec2:ap-northeast-1:123456789012:instance/i-00000000000000002"},"fingerprint":"ec2-new:2","links":["stack:arn:aws:cloudformation:ap-northeast-1:123456789012:stack/web/0a1b2c3d"],"happened":"2026-11-23T11:11:40+00:00","address":"","agent":"","muted":"","trust":"trusted","details":{"size":"t3.micro","vcpus":"2","what":"instance"},"actor":null}');
INSERT INTO "finding" VALUES(4,3,'admin:1','config','iam-user-admin','123456789012',1795431280.0,'{"signal":"iam-user-admin","theme":"identity","severity":"critical","certainty":"new","lane":"config","account_id":"123456789012","region":"global","subject":{"type":"AWS::IAM::User","id":"AIDAEXAMPLE7USER0001","name":"helpdesk2","arn":"arn:aws:iam::123456789012:user/helpdesk2"},"fingerprint":"admin:1","links":["event:e-admin"],"happened":"2026-11-23T10:54:40+00:00","address":"","agent":"","muted":"","trust":"trusted","details":{"policy":"AdministratorAccess"},"actor":null}');
INSERT INTO "finding" VALUES(5,4,'gone:1','config','iam-user-gone','123456789012',1795431400.0,'{"signal":"iam-user-gone","theme":"identity","severity":"critical","certainty":"new","lane":"config","account_id":"123456789012","region":"global","subject":{"type":"AWS::IAM::User","id":"AIDAEXAMPLE7USER0002","name":"alice","arn":"arn:aws:iam::123456789012:user/helpdesk2"},"fingerprint":"gone:1","links":["event:e-gone"],"happened":"2026-11-23T10:56:40+00:00","address":"","agent":"","muted":"","trust":"trusted","details":{},"actor":null}');
INSERT INTO "finding" VALUES(6,5,'large:1','config','ec2-large','123456789012',1795432000.0,'{"signal":"ec2-large","theme":"compute","severity":"critical","certainty":"new","lane":"config","account_id":"123456789012","region":"sa-east-1","subject":{"type":"AWS::EC2::Instance","id":"i-0abc1234def567890","name":"","arn":"arn:aws:ec2:ap-northeast-1:123456789012:instance/i-0abc1234def567890"},"fingerprint":"large:1","links":["event:e-large"],"happened":"2026-11-23T11:06:40+00:00","address":"","agent":"","muted":"","trust":"trusted","details":{"size":"p5.48xlarge","vcpus":"192","chips":"GPUs","case":"chips"},"actor":null}');
INSERT INTO "finding" VALUES(7,6,'takeover:123456789012:2026-11-23','client','takeover','123456789012',1795431280.0,'{"signal":"takeover","theme":"identity","severity":"critical","certainty":"new","lane":"client","account_id":"123456789012","region":"global","subject":{"type":"AWS::Account","id":"123456789012","name":"","arn":""},"fingerprint":"takeover:123456789012:2026-11-23","links":["takeover:123456789012"],"happened":"2026-11-23T10:54:40+00:00","address":"","agent":"","muted":"","trust":"trusted","details":{"steps":"admin:1\ngone:1\nlarge:1"},"actor":null}');
INSERT INTO "finding" VALUES(8,7,'new:7','cloudtrail','iam-user-new','123456789012',1795432300.0,'{"signal":"iam-user-new","theme":"identity","severity":"high","certainty":"new","lane":"cloudtrail","account_id":"123456789012","region":"global","subject":{"type":"AWS::IAM::User","id":"AIDAEXAMPLE7USER0001","name":"user7","arn":"arn:aws:iam::123456789012:user/helpdesk2"},"fingerprint":"new:7","links":["event:7"],"happened":"2026-11-23T11:11:40+00:00","address":"198.51.100.7","agent":"","muted":"","trust":"unverified","details":{},"actor":{"kind":"user","name":"deploy","session":"","key_id":"AKIAEXAMPLE7XYZABC","arn":"arn:aws:iam::123456789012:user/deploy","account_id":"123456789012","mfa":false}}');
CREATE TABLE incident (
        id       INTEGER PRIMARY KEY AUTOINCREMENT,
        watch    TEXT NOT NULL,
        severity INTEGER NOT NULL,
        muted    TEXT NOT NULL DEFAULT '',
        created  TEXT NOT NULL,
        shown    TEXT,
        told     INTEGER,
        reviewed TEXT
    ) STRICT;
INSERT INTO "incident" VALUES(1,'work',3,'','2026-11-23T11:14:40.000000+00:00','2026-11-23T11:14:40.000000+00:00',3,'2026-11-23T11:15:40.000000+00:00');
INSERT INTO "incident" VALUES(2,'work',2,'','2026-11-23T11:14:40.000000+00:00',NULL,NULL,NULL);
INSERT INTO "incident" VALUES(3,'work',4,'','2026-11-23T11:14:40.000000+00:00',NULL,NULL,NULL);
INSERT INTO "incident" VALUES(4,'work',4,'','2026-11-23T11:14:40.000000+00:00',NULL,NULL,NULL);
INSERT INTO "incident" VALUES(5,'work',4,'','2026-11-23T11:14:40.000000+00:00',NULL,NULL,NULL);
INSERT INTO "incident" VALUES(6,'work',4,'','2026-11-23T11:14:40.000000+00:00',NULL,NULL,NULL);
INSERT INTO "incident" VALUES(7,'work',3,'','2026-11-23T11:14:40.000000+00:00',NULL,NULL,NULL);
CREATE TABLE quarantine (
        id       INTEGER PRIMARY KEY AUTOINCREMENT,
        digest   TEXT NOT NULL UNIQUE,
        watch    TEXT NOT NULL,
        body     TEXT NOT NULL,
        reason   TEXT NOT NULL,
        received TEXT NOT NULL
    , kind TEXT NOT NULL DEFAULT 'unreadable') STRICT;
INSERT INTO "quarantine" VALUES(1,'12d420ccf1d250a569eba49d450519725ddde52255498b20c530ec643d166354','work','{cut','it is not whole JSON','2026-11-23T11:14:40.000000+00:00','unreadable');
INSERT INTO "quarantine" VALUES(2,'2260c6d6548940c4a4d20e31e8c65bd7ca8a30c7692c3b56aa3920a6a601ac49','work','{forged','its signature is wrong','2026-11-23T11:14:40.000000+00:00','forged');
CREATE TABLE seen (
        account_id TEXT NOT NULL,
        what       TEXT NOT NULL,
        first      TEXT NOT NULL,
        PRIMARY KEY (account_id, what)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "seen" VALUES('123456789012','region:eu-west-1','2026-11-23T11:14:40.000000+00:00');
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "state" VALUES('paused_until','2026-11-23T12:14:40.000000+00:00');
CREATE TABLE tally (
        watch TEXT NOT NULL,
        kind  TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (watch, kind)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "tally" VALUES('work','config:ConfigurationItemChangeNotification',5);
INSERT INTO "tally" VALUES('work','forged',1);
INSERT INTO "tally" VALUES('work','unreadable',1);
CREATE TABLE tie (
        key      TEXT NOT NULL,
        moment   REAL NOT NULL,
        incident INTEGER NOT NULL REFERENCES incident (id)
    ) STRICT;
INSERT INTO "tie" VALUES('same|new:1',1795432480.0,1);
INSERT INTO "tie" VALUES('123456789012|identity|plain|event:1',1795432480.0,1);
INSERT INTO "tie" VALUES('same|ec2-new:1',1795432300.0,2);
INSERT INTO "tie" VALUES('123456789012|infrastructure|plain|stack:arn:aws:cloudformation:ap-northeast-1:123456789012:stack/web/0a1b2c3d',1795432300.0,2);
INSERT INTO "tie" VALUES('same|ec2-new:2',1795432300.0,2);
INSERT INTO "tie" VALUES('123456789012|infrastructure|plain|stack:arn:aws:cloudformation:ap-northeast-1:123456789012:stack/web/0a1b2c3d',1795432300.0,2);
INSERT INTO "tie" VALUES('same|admin:1',1795431280.0,3);
INSERT INTO "tie" VALUES('123456789012|identity|critical|event:e-admin',1795431280.0,3);
INSERT INTO "tie" VALUES('same|gone:1',1795431400.0,4);
INSERT INTO "tie" VALUES('123456789012|identity|critical|event:e-gone',1795431400.0,4);
INSERT INTO "tie" VALUES('same|large:1',1795432000.0,5);
INSERT INTO "tie" VALUES('123456789012|infrastructure|critical|event:e-large',1795432000.0,5);
INSERT INTO "tie" VALUES('same|takeover:123456789012:2026-11-23',1795431280.0,6);
INSERT INTO "tie" VALUES('123456789012|identity|critical|takeover:123456789012',1795431280.0,6);
INSERT INTO "tie" VALUES('same|new:7',1795432300.0,7);
INSERT INTO "tie" VALUES('123456789012|identity|plain|event:7',1795432300.0,7);
CREATE TABLE unverified (
        watch       TEXT NOT NULL,
        digest      TEXT NOT NULL,
        certificate TEXT NOT NULL,
        body        TEXT NOT NULL,
        received    TEXT NOT NULL,
        withheld    TEXT NOT NULL,
        PRIMARY KEY (watch, digest)
    ) STRICT;
INSERT INTO "unverified" VALUES('work','6a4e2de98331e9e8a28ac07400bd1fa09ed26263255b47e2729872f99ebceedc','https://sns.us-east-1.amazonaws.com/c.pem','{waits','2026-11-23T11:14:40.000000+00:00','{"seen": [], "existing": []}');
CREATE TABLE unverified_finding (
        watch       TEXT NOT NULL,
        digest      TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        lane        TEXT NOT NULL,
        document    TEXT NOT NULL,
        PRIMARY KEY (watch, digest, fingerprint, lane)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "unverified_finding" VALUES('work','6a4e2de98331e9e8a28ac07400bd1fa09ed26263255b47e2729872f99ebceedc','new:7','cloudtrail','{"signal":"iam-user-new","theme":"identity","severity":"high","certainty":"new","lane":"cloudtrail","account_id":"123456789012","region":"global","subject":{"type":"AWS::IAM::User","id":"AIDAEXAMPLE7USER0001","name":"user7","arn":"arn:aws:iam::123456789012:user/helpdesk2"},"fingerprint":"new:7","links":["event:7"],"happened":"2026-11-23T11:11:40+00:00","address":"198.51.100.7","agent":"","muted":"","trust":"unverified","details":{},"actor":{"kind":"user","name":"deploy","session":"","key_id":"AKIAEXAMPLE7XYZABC","arn":"arn:aws:iam::123456789012:user/deploy","account_id":"123456789012","mfa":false}}');
CREATE INDEX incident_to_review ON incident (id) WHERE reviewed IS NULL;
CREATE INDEX finding_incident ON finding (incident);
CREATE INDEX finding_signal ON finding (account_id, signal, moment);
CREATE INDEX tie_key ON tie (key, moment);
CREATE INDEX tie_incident ON tie (incident);
CREATE INDEX unverified_certificate ON unverified (certificate, received);
CREATE INDEX unverified_finding_of ON unverified_finding (fingerprint, lane);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('incident',7);
INSERT INTO "sqlite_sequence" VALUES('quarantine',2);
COMMIT;
