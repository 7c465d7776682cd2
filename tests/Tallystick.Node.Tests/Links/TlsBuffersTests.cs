using System.Runtime.InteropServices;
using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

public sealed class TlsBuffersTests
{
    private const string Ssl = "libssl.so.3";
    private const int ModeCommand = 33;
    private const nint ReleaseBuffers = 0x10;

    [Fact]
    public void A_context_that_is_made_afterwards_gives_its_buffers_back()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Ssl, out _),
            "There is no OpenSSL 3 here, and its buffers are what is given back.");
        Assert.True(TlsBuffers.Release());
        Assert.True(TlsBuffers.Release(), "Asking twice is asking once.");
        var context = NewContext(Method());
        try
        {
            Assert.NotEqual(0, Control(context, ModeCommand, 0, 0) & ReleaseBuffers);
        }
        finally
        {
            Free(context);
        }
    }

    [DllImport(Ssl, EntryPoint = "TLS_method")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Method();

    [DllImport(Ssl, EntryPoint = "SSL_CTX_new")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint NewContext(nint method);

    [DllImport(Ssl, EntryPoint = "SSL_CTX_ctrl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Control(nint context, int command, nint number, nint pointer);

    [DllImport(Ssl, EntryPoint = "SSL_CTX_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Free(nint context);
}
