"""Places: paths stay paths, URLs carry no secrets."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.place import PROTOCOLS, Url, is_url, mistake, place, shown


@pytest.mark.parametrize("text", ["data/captures", "/a/b", "C:/x", "a:b", "./s3", "~", "s3:/b/k"])
def test_paths_are_paths(text):
    assert place(text) == Path(text)
    assert not is_url(text)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_urls_of_every_protocol_are_places(protocol):
    found = place(f"{protocol}://bucket/captures/churn/")
    assert str(found) == f"{protocol}://bucket/captures/churn"
    assert (found.root, found.key, found.name) == (f"{protocol}://bucket", "captures/churn", "churn")
    assert place(found) is found


def test_a_bucket_alone_is_a_place():
    bucket = place("s3://bucket/")
    assert (str(bucket), bucket.key, bucket.name, str(bucket.parent)) == ("s3://bucket", "", "bucket", "s3://bucket")


def test_the_container_and_account_of_azure_are_no_credentials():
    found = place("abfss://captures@account.dfs.core.windows.net/churn")
    assert (found.root, found.key) == ("abfss://captures@account.dfs.core.windows.net", "churn")


@pytest.mark.parametrize(
    "text", ["s3://AKIA:hush/hush@bucket/a", "s3://hush@bucket/a", "gs://me:hush@bucket", "https://me:hush@host/a",
             "az://box/a?sv=1&sig=hush", "abfss://me:hush@account/a", "s3://bucket/a?X-Amz-Signature=hush"]
)  # fmt: skip
def test_a_url_with_credentials_is_refused_and_they_are_not_repeated(text):
    with pytest.raises(InputError, match="is a URL with credentials or a query") as caught:
        place(text)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("text", ["s3://", "gs:///a", "az://./a"])
def test_a_url_without_a_bucket_is_refused(text):
    with pytest.raises(InputError, match="is a URL without a bucket; s3://, gs://, az:// or abfs:// with a bucket"):
        place(text)


def test_another_protocol_is_refused_with_those_that_are_read():
    with pytest.raises(
        InputError, match=r"^hdfs://host/a: is no place that driftd reads: protocol 'hdfs'; s3://, gs://"
    ):
        place("hdfs://host/a")


@given(st.lists(st.text("abc=-.0", min_size=1), min_size=1, max_size=4))
def test_a_url_says_of_itself_what_a_path_does(names):
    url, path = Url("s3://bucket/" + "/".join(names)), Path("/bucket", *names)
    if all(set(name) != {"."} for name in names):
        assert (url.name, url.suffix, url.parts[1:]) == (path.name, path.suffix, path.parts[2:])
        assert url.parent / url.name == url
        assert mistake(str(url)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "at https://a:hush@h/b",
        "GET s3://b/a?X-Amz-Credential=hush: no",
        "AccountKey=hush;x",
        "sig=hush&b",
        "'http://u:hu/sh@h' hush@"[:18],
    ],
)
def test_what_a_store_says_is_shown_without_secrets(text):
    assert "hush" not in shown(text)
