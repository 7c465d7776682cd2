using System.Security.Cryptography;
using Tallystick.Node.Hosting;
using Tallystick.Node.Identity;

namespace Tallystick.Node.Tests.Identity;

public sealed class KeyProtectionTests : IDisposable
{
    private static readonly Passphrase Right = New("correct horse battery staple");
    private static readonly Passphrase Wrong = New("correct horse battery stapl");
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-key-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string KeyPath => Path.Combine(folder, "key");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_passphrase_is_set_changed_and_removed_and_the_identity_stays()
    {
        using var plain = NodeIdentity.LoadOrCreate(folder);
        Change(null, Right);
        Assert.Contains("BEGIN ENCRYPTED PRIVATE KEY", File.ReadAllText(KeyPath), StringComparison.Ordinal);
        using (var open = NodeIdentity.LoadOrCreate(folder, new KeyAccess(Right), Ct))
            Assert.Equal(plain.Key, open.Key);

        var other = New("Schlüssel 🔑");
        Change(Right, other);
        Refused(new KeyAccess(Right), "does not open");
        using (var open = NodeIdentity.LoadOrCreate(folder, new KeyAccess(Ask: _ => other), Ct))
            Assert.Equal(plain.Key, open.Key);

        Change(other, null);
        using (var open = NodeIdentity.LoadOrCreate(folder))
            Assert.Equal(plain.Key, open.Key);
        Assert.Equal(["key"], Directory.GetFiles(folder).Select(file => Path.GetFileName(file)));
    }

    [Fact]
    public void The_file_is_PKCS8_with_AES_256_and_600_000_rounds_of_PBKDF2_for_its_owner_only()
    {
        NodeIdentity.LoadOrCreate(folder, new KeyAccess(Right), Ct).Dispose();
        var text = File.ReadAllText(KeyPath);
        Assert.True(PemEncoding.TryFind(text, out var fields));
        var der = Convert.ToHexString(Convert.FromBase64String(text[fields.Base64Data]));
        // The identifiers of PBES2, PBKDF2, HMAC with SHA-256 and AES-256-CBC, and the number of rounds.
        foreach (var part in (string[])[
            "06092A864886F70D01050D", "06092A864886F70D01050C", "06082A864886F70D0209", "060960864801650304012A",
            "0203" + 600_000.ToString("X6")])
            Assert.Contains(part, der, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
    }

    [Fact]
    public void A_key_that_is_made_with_a_passphrase_at_hand_is_never_on_the_disk_without_it()
    {
        using var made = NodeIdentity.LoadOrCreate(folder, new KeyAccess(Right), Ct);
        Assert.True(KeyText.IsEncrypted(File.ReadAllText(KeyPath)));
        Refused(new KeyAccess(), "has a passphrase");
    }

    [Fact]
    public void A_wrong_passphrase_none_at_all_or_one_too_many_is_one_sentence_and_changes_nothing()
    {
        NodeIdentity.LoadOrCreate(folder).Dispose();
        var plain = File.ReadAllBytes(KeyPath);
        Refused(new KeyAccess(Right), "has none");
        Assert.Equal(plain, File.ReadAllBytes(KeyPath));

        Change(null, Right);
        var closed = File.ReadAllBytes(KeyPath);
        Refused(new KeyAccess(Wrong), "does not open");
        Refused(new KeyAccess(Ask: _ => Wrong), "does not open");
        Refused(new KeyAccess(Ask: _ => null), "has a passphrase");
        Refused(new KeyAccess(), "--passphrase-file");
        Assert.Throws<CannotStartException>(() => Change(Wrong, null));
        Assert.Throws<CannotStartException>(() => Change(null, null));
        Assert.Equal(closed, File.ReadAllBytes(KeyPath));
        Assert.Equal(["key"], Directory.GetFiles(folder).Select(file => Path.GetFileName(file)));
    }

    [Fact]
    public void Whoever_gives_up_while_the_new_one_is_asked_for_keeps_the_old_file()
    {
        NodeIdentity.LoadOrCreate(folder).Dispose();
        var plain = File.ReadAllBytes(KeyPath);
        Assert.Throws<OperationCanceledException>(() => KeyProtection.Change(
            folder, null, null, () => throw new OperationCanceledException(), Ct));
        Assert.Equal(plain, File.ReadAllBytes(KeyPath));
    }

    [Fact]
    public void What_a_crash_left_beside_the_key_goes_with_the_next_change()
    {
        NodeIdentity.LoadOrCreate(folder).Dispose();
        File.Copy(KeyPath, KeyPath + ".0123456789abcdef.new");
        Change(null, Right);
        Assert.Equal(["key"], Directory.GetFiles(folder).Select(file => Path.GetFileName(file)));
    }

    [Fact]
    public void Where_there_is_no_key_none_is_made()
    {
        var refused = Assert.Throws<CannotStartException>(() => Change(null, Right));
        Assert.Contains("There is no key", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("a bell\a")]
    public void What_cannot_be_typed_is_no_passphrase(string text) => Assert.False(Passphrase.TryCreate(text, out _));

    [Fact]
    public void A_passphrase_has_a_bound_and_does_not_show_itself()
    {
        Assert.True(Passphrase.TryCreate(new string('x', Passphrase.MaxBytes), out _));
        Assert.False(Passphrase.TryCreate(new string('x', Passphrase.MaxBytes + 1), out _));
        var options = new NodeOptions { Name = "alice", DataFolder = folder, Passphrase = Right };
        Assert.DoesNotContain("horse", options.ToString(), StringComparison.Ordinal);
    }

    private static Passphrase New(string text)
    {
        Assert.True(Passphrase.TryCreate(text, out var passphrase));
        return passphrase!;
    }

    private void Change(Passphrase? from, Passphrase? to) => KeyProtection.Change(folder, from, null, () => to, Ct);

    private void Refused(KeyAccess access, string why)
    {
        var refused = Assert.Throws<CannotStartException>(() => NodeIdentity.LoadOrCreate(folder, access, Ct));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(KeyPath, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.DoesNotContain("horse", refused.ToString(), StringComparison.Ordinal);
    }
}
