using System.Security.Cryptography;
using Tallystick.Core.Identity;
using Tallystick.Node.Hosting;
using Tallystick.Node.Identity;

namespace Tallystick.Node.Tests.Identity;

public sealed class NodeIdentityTests : IDisposable
{
    private static readonly Hash Message = Hash.Of("ten credits"u8);
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-key-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_key_is_made_once_and_found_again()
    {
        using var made = NodeIdentity.LoadOrCreate(folder);
        using var found = NodeIdentity.LoadOrCreate(folder);
        Assert.Equal(made.Key, found.Key);
        Assert.Equal(Fingerprint.Of(made.Key), found.Fingerprint);
        Assert.Equal(["key"], Directory.GetFiles(folder).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public void Only_the_owner_can_read_the_key()
    {
        if (OperatingSystem.IsWindows())
            return;
        var ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        NodeIdentity.LoadOrCreate(folder).Dispose();
        var path = Path.Combine(folder, "key");
        Assert.Equal(ownerOnly, File.GetUnixFileMode(path));

        File.SetUnixFileMode(path, ownerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        NodeIdentity.LoadOrCreate(folder).Dispose();
        Assert.Equal(ownerOnly, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    public void A_malformed_key_file_is_said_in_one_sentence_and_left_alone(string content)
    {
        var path = Path.Combine(folder, "key");
        File.WriteAllText(path, content);
        var thrown = Assert.Throws<CannotStartException>(() => NodeIdentity.LoadOrCreate(folder));
        Assert.Contains(path, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(path));
    }

    [Theory]
    [InlineData("1.3.132.0.34")]
    [InlineData("1.3.132.0.10")]
    public void A_key_of_another_curve_is_refused(string oid)
    {
        using var other = ECDsa.Create(ECCurve.CreateFromValue(oid));
        File.WriteAllText(Path.Combine(folder, "key"), other.ExportPkcs8PrivateKeyPem());
        Assert.Throws<CannotStartException>(() => NodeIdentity.LoadOrCreate(folder));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said_in_one_sentence()
    {
        var thrown = Assert.Throws<CannotStartException>(
            () => NodeIdentity.LoadOrCreate(Path.Combine(folder, "missing")));
        Assert.DoesNotContain('\n', thrown.Message);
    }

    [Fact]
    public void What_one_key_signs_its_public_key_verifies_and_no_other()
    {
        var ring = new KeyRing();
        for (var i = 0; i < 50; i++)
        {
            using var one = NodeIdentity.CreateFresh();
            using var other = NodeIdentity.CreateFresh();
            var signature = one.Sign(Message);
            Assert.Equal(64, signature.Length);
            Assert.True(ring.Verify(one.Key, Message, signature));
            Assert.False(ring.Verify(other.Key, Message, signature));
            Assert.False(ring.Verify(one.Key, Hash.Of("eleven"u8), signature));
            Assert.False(ring.Verify(one.Key, Message, signature.AsSpan(1)));
            Assert.False(ring.Verify(one.Key, Message, new byte[64]));
            signature[i] ^= 1;
            Assert.False(ring.Verify(one.Key, Message, signature));
        }
    }

    [Fact]
    public void About_half_of_all_x_are_points_and_the_rest_is_refused()
    {
        var points = 0;
        var bytes = new byte[PublicKey.Size];
        for (var i = 0; i < 200; i++)
        {
            bytes[0] = 2;
            BitConverter.TryWriteBytes(bytes.AsSpan(29), i);
            Assert.True(PublicKey.TryCreate(bytes, out var key));
            using var verifier = PeerVerifier.Create(key);
            points += verifier is null ? 0 : 1;
        }
        Assert.InRange(points, 60, 140);
    }

    [Fact]
    public void An_x_beyond_the_field_is_refused()
    {
        var bytes = new byte[PublicKey.Size];
        Array.Fill(bytes, (byte)0xFF);
        bytes[0] = 3;
        Assert.True(PublicKey.TryCreate(bytes, out var key));
        Assert.Null(PeerVerifier.Create(key));
        Assert.False(new KeyRing().Verify(key, Message, new byte[64]));
    }

    [Fact]
    public void A_compressed_point_comes_back_whole()
    {
        for (var i = 0; i < 50; i++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            Assert.True(CurvePoint.TryCompress(point, out var compressed));
            Assert.True(CurvePoint.TryDecompress(compressed, out var again));
            Assert.Equal(point.X, again.X);
            Assert.Equal(point.Y, again.Y);
        }
    }

    [Fact]
    public void Many_threads_sign_and_verify_with_one_key()
    {
        using var identity = NodeIdentity.CreateFresh();
        var ring = new KeyRing();
        Parallel.For(0, 400, i =>
        {
            var message = Hash.Of(BitConverter.GetBytes(i));
            Assert.True(ring.Verify(identity.Key, message, identity.Sign(message)));
        });
    }

    [Fact]
    public void Two_starts_at_once_end_with_one_key()
    {
        var keys = new PublicKey[8];
        Parallel.For(0, keys.Length, i =>
        {
            using var identity = NodeIdentity.LoadOrCreate(folder);
            keys[i] = identity.Key;
        });
        Assert.Single(keys.Distinct());
    }
}
