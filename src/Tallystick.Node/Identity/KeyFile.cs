using System.Security.Cryptography;
using System.Text;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Identity;

/// <summary>The file <c>key</c> in the data folder: the identity as PKCS#8 PEM, for its owner's eyes only.</summary>
internal static class KeyFile
{
    private const string Name = "key";
    private const int MaxBytes = 8_192;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static NodeIdentity LoadOrCreate(string dataFolder)
    {
        var path = Path.Combine(dataFolder, Name);
        try
        {
            if (!File.Exists(path))
                Create(path);
            return Load(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException(
                $"The key file {path} cannot be read or written; check its owner and permissions, and the disk.", e);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or NotSupportedException)
        {
            throw new CannotStartException(
                $"The key file {path} holds no P-256 key; put back a copy, or name another data folder.", e);
        }
    }

    private static NodeIdentity Load(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new CryptographicException("The file is too large for a key.");
        KeepFromOthers(path);
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return new NodeIdentity(key.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>
    /// Complete or absent: written aside, flushed, then renamed. The database makes its files in the same folder
    /// afterwards and flushes that folder, so no book outlives its key.
    /// </summary>
    private static void Create(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var aside = $"{path}.{Guid.NewGuid():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var file = new FileStream(aside, options))
            {
                file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
                file.Flush(flushToDisk: true);
            }
            File.Move(aside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first; its key is the key.
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static void KeepFromOthers(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
            File.SetUnixFileMode(path, OwnerOnly);
    }
}
