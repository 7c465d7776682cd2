using System.Runtime.InteropServices;

namespace Tallystick.Node.Links;

/// <summary>
/// Has OpenSSL keep no buffers for a connection on which nothing comes or goes. It can (SSL_MODE_RELEASE_BUFFERS), but
/// .NET does not ask it to and shows nobody its contexts. OpenSSL itself tells of each new one whoever wants to keep
/// something with it, and there it is asked.
/// </summary>
internal static class TlsBuffers
{
    private const string Crypto = "libcrypto.so.3";
    private const string Ssl = "libssl.so.3";
    private const int ContextClass = 1;
    private const int ModeCommand = 33;
    private const nint ReleaseBuffers = 0x10;

    // OpenSSL calls it for as long as the process runs.
    private static readonly NewContext Asking = Ask;

    private static readonly Lazy<bool> Asked = new(Begin);

    private delegate void NewContext(nint context, nint value, nint data, int index, nint number, nint pointer);

    /// <summary>
    /// From now on, for every connection of the process; false where TLS is not done by OpenSSL 3, and nothing changes.
    /// </summary>
    public static bool Release() => Asked.Value;

    private static bool Begin()
    {
        try
        {
            return OperatingSystem.IsLinux()
                && NativeLibrary.TryLoad(Ssl, out _)
                && GetNewIndex(ContextClass, 0, 0, Asking, 0, 0) >= 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static void Ask(nint context, nint value, nint data, int index, nint number, nint pointer) =>
        _ = Control(context, ModeCommand, ReleaseBuffers, 0);

    [DllImport(Crypto, EntryPoint = "CRYPTO_get_ex_new_index")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetNewIndex(
        int kind, nint number, nint pointer, NewContext onNew, nint onCopy, nint onFree);

    [DllImport(Ssl, EntryPoint = "SSL_CTX_ctrl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Control(nint context, int command, nint number, nint pointer);
}
